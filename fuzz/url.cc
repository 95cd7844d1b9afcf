// URLs, and the lists of who is reached without a proxy. What is taken for a URL means the same when it is written
// again, and holds nothing that could end a request line or hide another host. The list is what follows a line end.
#include "net/url.h"
#include "base/check.h"
#include "net/proxy_settings.h"

namespace {

using namespace outcrop;
using namespace outcrop::net;

void check_written(const Url& url) {
  std::string again =
      fmt::format("{}://{}{}{}:{}{}", url.scheme(), url.userinfo, url.userinfo.empty() ? "" : "@", url.host_text(), url.port, url.target);
  if (again.size() > 16'000) return;  // it may be longer than what was written at first
  Result<Url> same = parse_url(again, Userinfo::allowed);
  check(same.has_value(), "a URL cannot be written again");
  check(same->tls == url.tls && same->host == url.host && same->port == url.port && same->target == url.target, "it changes");
  check(same->userinfo == url.userinfo, "its user changes");
}

void check_pieces(const Url& url) {
  check(!url.host.empty() && url.port != 0 && url.target.starts_with('/'), "a piece is missing");
  for (char c : url.host + url.target + url.userinfo) check(c > 0x20 && c < 0x7f, "a byte that ends a line or a word");
  check(url.host.find_first_of("/@\\?#%[]") == std::string::npos, "a host with a delimiter");
  check(url.target.find('#') == std::string::npos, "a target with a fragment");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view first = text.substr(0, text.find('\n'));
  NoProxy list(text.size() > first.size() ? text.substr(first.size() + 1) : "");
  Result<Url> url = parse_url(first, Userinfo::allowed);
  if (!url) return 0;
  check_pieces(*url);
  check_written(*url);
  check(parse_url(first).has_value() == url->userinfo.empty() || first.find('@') != std::string_view::npos, "a user is seen where none is");
  bool covered = list.covers(url->host, url->port);
  check(!NoProxy("*").covers(url->host, url->port) || NoProxy(url->host).covers(url->host, url->port), "a host does not cover itself");
  if (covered)
    check(NoProxy(fmt::format("{},other.example", text.substr(first.size() + 1))).covers(url->host, url->port),
          "an entry more covers less");
  return 0;
}
