// A stop source that is made for those who ask for its token: most requests end without that anybody did.
#pragma once
#include <stop_token>

namespace outcrop::net {

class LazyStop {
 public:
  std::stop_token token() const {
    if (!source_.stop_possible()) {
      source_ = std::stop_source();
      if (requested_) source_.request_stop();
    }
    return source_.get_token();
  }
  void request() {
    requested_ = true;
    if (source_.stop_possible()) source_.request_stop();
  }

 private:
  bool requested_ = false;
  mutable std::stop_source source_{std::nostopstate};
};

}  // namespace outcrop::net
