// Router: which part of the server answers a request: the longest prefix of its path that a part was added for. Parts that go by more than
// the path, such as a host of their own, come before all that. API calls, whose paths can be anything, are what is left.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "net/http.h"

namespace outcrop {

class Router final : public net::Handler {
 public:
  explicit Router(net::Handler& otherwise) : otherwise_(otherwise) {}

  using Takes = std::function<bool(const net::RequestHead& head)>;

  // Before the server serves. The prefix ends in '/'. What `takes` refuses is as if the part had not been added for it.
  void add(std::string path_prefix, net::Handler& handler, Takes takes = nullptr);
  // Asked before all prefixes, whatever the path.
  void add_first(net::Handler& handler, Takes takes);

  Task<void> serve(net::Exchange& exchange) override;

 private:
  struct Entry {
    std::string path_prefix;
    net::Handler* handler;
    Takes takes;  // null: all
  };
  std::vector<Entry> first_;    // without prefixes
  std::vector<Entry> entries_;  // longest first
  net::Handler& otherwise_;
};

}  // namespace outcrop
