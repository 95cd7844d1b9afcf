// QuotaLedger: what was asked for and is kept, and what applies because of it. A change is on disk before it applies, and applies before
// it is acknowledged. Changes happen one at a time, so that the book says what the disk says.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "core/quota_book.h"
#include "core/signal.h"
#include "core/world.h"
#include "gen/records/service-quotas.h"
#include "store/store.h"

namespace outcrop::service_quotas {

// Where quotas apply.
struct Place {
  std::string account, region;
};

struct QuotaName {
  std::string service, quota;  // codes
};

struct RecordedChange {
  std::string id;
  QuotaChange change;
};

class QuotaLedger {
 public:
  // What is passed must outlive it.
  QuotaLedger(World& world, QuotaBook& book) : world_(world), book_(book) {}

  // Tells the book what was raised before. Before the server serves.
  Task<Result<void>> start();

  // Applies the change's value, unless it is not above what applies: IllegalArgumentException 400. `by_default`: of the quota there.
  Task<Result<RecordedChange>> raise(Place place, QuotaChange change, double by_default);

  // Of the last 90 days, the newest first.
  Task<Result<std::optional<QuotaChange>>> find(Place place, std::string id);
  using Matches = std::function<bool(const QuotaChange&)>;
  struct Page {
    std::vector<RecordedChange> changes;
    std::optional<std::string> last;  // the id that was looked at last, when there is more behind it
  };
  Task<Result<Page>> page(Place place, std::optional<std::string> after, size_t most, Matches matches);

  // Of quotas that were raised; others have no tags. Fault: NoSuchResourceException 400.
  using Tags = wire::Map<std::string>;
  Task<Result<Tags>> tags(Place place, QuotaName name);
  Task<Result<void>> change_tags(Place place, QuotaName name, std::function<Result<void>(Tags&)> change);

  // Everything of an account, or of all: their defaults apply again.
  Task<Result<void>> forget(std::optional<std::string> account);

 private:
  template <class T>
  Task<Result<T>> in_turn(Task<Result<T>> change);
  Task<Result<RecordedChange>> raise_in_turn(Place place, QuotaChange change, double by_default);
  Task<Result<void>> forget_in_turn(std::optional<std::string> account);
  Instant oldest_kept() const;

  World& world_;
  QuotaBook& book_;
  bool changing_ = false;  // on the first executor's thread
  Signal changed_;
};

}  // namespace outcrop::service_quotas
