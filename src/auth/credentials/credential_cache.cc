#include "auth/credentials/credential_cache.h"

#include "auth/credentials/limits.h"
#include "base/log.h"

namespace outcrop::auth {

Task<Result<SigningCredentials>> CredentialCache::get() {
  Waiting waiting(*Executor::current());
  SigningCredentials taken;
  switch (begin(waiting, taken)) {
    case Step::take:
      co_return std::move(taken);
    case Step::wait:
      co_return co_await waiting;
    case Step::load:
      break;
  }
  co_return end(co_await keep(source_->load()));
}

CredentialCache::Step CredentialCache::begin(const Waiting& waiting, SigningCredentials& taken) {
  std::scoped_lock lock(mutex_);
  const Instant now = clock_.real_wall();
  const bool is_due = !current_ || now >= due_at_;
  if (is_due && !loading_) {
    loading_ = true;
    return Step::load;
  }
  if (!are_good(now)) {
    waiting_.push_back(waiting.setter());
    return Step::wait;
  }
  taken = current_->keys;
  return Step::take;
}

bool CredentialCache::are_good(Instant now) const {
  return current_ && (!current_->expires || now + credential_reserve < *current_->expires);
}

Result<SigningCredentials> CredentialCache::end(Result<IssuedCredentials> loaded) {
  std::vector<Waiting::Setter> waiting;
  Result<SigningCredentials> result;
  {
    std::scoped_lock lock(mutex_);
    const Instant now = clock_.real_wall();
    loading_ = false;
    waiting.swap(waiting_);
    if (loaded) {
      current_ = std::move(*loaded);
      loaded_at_ = now;
      // Short ones are replaced when half of their time is over.
      due_at_ = Instant::max();
      if (current_->expires) due_at_ = std::max(*current_->expires - credential_refresh_lead, now + (*current_->expires - now) / 2);
      result = current_->keys;
    } else if (are_good(now)) {
      log::warning("credentials could not be refreshed; those there are go on", {{"reason", loaded.error().message}});
      due_at_ = now + credential_retry_pause;
      result = current_->keys;
    } else {
      result = fail(std::move(loaded.error()));
    }
  }
  for (const Waiting::Setter& setter : waiting) setter.set(result);
  return result;
}

void CredentialCache::refused() {
  std::scoped_lock lock(mutex_);
  const Instant now = clock_.real_wall();
  if (current_ && now >= loaded_at_ + credential_retry_pause) due_at_ = std::min(due_at_, now);
}

}  // namespace outcrop::auth
