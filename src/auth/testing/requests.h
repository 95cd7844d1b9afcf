// What the tests of this folder share: a clock that stands still, and requests as raw text.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "auth/sigv4.h"
#include "auth/time_text.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth::test {

inline Instant instant(std::string_view basic) {
  std::optional<Instant> at = parse_iso8601_basic(basic);
  EXPECT_TRUE(at) << basic;
  return at.value_or(Instant());
}

// Real time is what signatures see; the wall shows something else, as a manual clock does.
class StandingClock final : public Clock {
 public:
  explicit StandingClock(std::string_view real) : real_(instant(real)) {}
  Instant wall() const override { return instant("20000101T000000Z"); }
  Instant real_wall() const override { return real_; }
  SteadyTime steady() const override { return {}; }
  void set(std::string_view real) { real_ = instant(real); }

 private:
  Instant real_;
};

struct TestRequest {
  net::RequestHead head;
  std::string body;

  BodyHash body_hash() const {
    return [this] { return hex(sha256(body)); };
  }
};

inline void read_test_header_line(TestRequest& request, std::string_view line, std::vector<net::Header>& headers) {
  bool continues = line.starts_with(' ') && !headers.empty();
  if (continues) {
    headers.back().value += line;
    return;
  }
  size_t colon = line.find(':');
  headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
}

// "POST /path?query HTTP/1.1\nName: value\n\nbody", folded headers included.
inline TestRequest test_request(std::string_view text) {
  TestRequest request;
  size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  line.remove_suffix(std::string_view(" HTTP/1.1").size());
  size_t space = line.find(' ');
  request.head.method = line.substr(0, space);
  std::string_view target = line.substr(space + 1);
  size_t question = std::min(target.find('?'), target.size());
  request.head.path = target.substr(0, question);
  if (question < target.size()) request.head.query = target.substr(question + 1);
  std::vector<net::Header> headers;
  while (end < text.size()) {
    size_t begin = end + 1;
    end = std::min(text.find('\n', begin), text.size());
    if (begin >= text.size()) break;
    if (end == begin) {
      request.body = text.substr(begin + 1);
      break;
    }
    read_test_header_line(request, text.substr(begin, end - begin), headers);
  }
  for (net::Header& header : headers) {
    while (header.value.starts_with(' ')) header.value.erase(0, 1);
    if (ascii_equal_ignoring_case(header.name, "host")) request.head.host = header.value;
    request.head.headers.add(std::move(header.name), std::move(header.value));
  }
  return request;
}

}  // namespace outcrop::auth::test
