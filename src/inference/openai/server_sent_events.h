// Server-sent events (WHATWG HTML, section 9.2.6 "Interpreting an event stream"), fed in any pieces: how model servers
// stream.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::inference {

class ServerSentEvents {
 public:
  explicit ServerSentEvents(size_t event_bytes_max) : event_bytes_max_(event_bytes_max) {}

  // Takes bytes off the front of `input`, up to the end of one event, and says whether there is one: then data() and
  // name() are its, until the next call. False: all was taken, and more is needed. Faults with ModelStreamErrorException
  // 424 when an event is larger than allowed, before more than that is kept.
  Result<bool> feed(std::string_view& input);

  std::string_view data() const { return data_; }
  std::string_view name() const { return name_; }  // empty: "message"

 private:
  bool take_line(std::string_view line);

  const size_t event_bytes_max_;
  std::string line_;  // an incomplete one
  std::string data_, name_;
  bool has_data_ = false;
  bool ended_ = false;  // the event at hand is to be forgotten
  bool after_cr_ = false, begun_ = false;
};

}  // namespace outcrop::inference
