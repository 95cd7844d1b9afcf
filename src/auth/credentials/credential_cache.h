// Credentials at hand: asked for when they are first needed, and anew before they end, by one caller at a time whatever the thread. While
// they are good the others go on with those there are; where there are none they wait. Thread-safe.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "auth/credentials/credential_source.h"
#include "base/completion.h"

namespace outcrop::auth {

class CredentialCache {
 public:
  CredentialCache(std::unique_ptr<CredentialSource> source, const Clock& clock) : source_(std::move(source)), clock_(clock) {}

  // On an executor's thread. Faults: those of the source, whose requests bound the wait.
  Task<Result<SigningCredentials>> get();
  // They were refused: the next caller asks for new ones, unless these are new.
  void refused();

 private:
  using Waiting = Completion<Result<SigningCredentials>>;

  enum class Step { take, load, wait };
  Step begin(const Waiting& waiting, SigningCredentials& taken);
  Result<SigningCredentials> end(Result<IssuedCredentials> loaded);
  bool are_good(Instant now) const;

  const std::unique_ptr<CredentialSource> source_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::optional<IssuedCredentials> current_;
  Instant loaded_at_, due_at_;  // when they came, and when new ones are to be asked for
  bool loading_ = false;
  std::vector<Waiting::Setter> waiting_;
};

}  // namespace outcrop::auth
