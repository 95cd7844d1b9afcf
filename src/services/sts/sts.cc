#include "services/sts/sts.h"

#include <span>

#include "base/seal.h"
#include "gen/sts/manifest.h"
#include "services/sts/session/wording.h"
#include "store/store.h"
#include "wire/validate.h"

namespace outcrop::sts {

namespace {

constexpr std::string_view secret_key = "global/sts/secret";

}  // namespace

Task<Result<void>> Sts::start() {
  auto stored = co_await world_.store.get(secret_key);
  if (!stored) {
    stored.emplace(seal_key_bytes, '\0');
    world_.random.fill(std::as_writable_bytes(std::span(*stored)));
    store::WriteBatch batch;
    batch.put(secret_key, *stored);
    co_await world_.store.write(std::move(batch));
  }
  sessions_ = std::make_shared<const auth::Sessions>(*stored);
  co_return {};
}

// The query services' code for what others call ValidationException.
Fault word_violations(const wire::Operation&, std::span<const wire::Violation> violations) {
  return validation_error(wire::violations_text(violations));
}

}  // namespace outcrop::sts
