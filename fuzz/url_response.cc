// What a function answers through its URL as untrusted text: metadata that come in pieces are read as when they come at once, and nothing
// that is sent holds what would end a header.
#include "base/check.h"
#include "net/syntax.h"
#include "services/lambda/url/limits.h"
#include "services/lambda/url/prelude.h"
#include "services/lambda/url/response.h"

namespace {

using namespace outcrop;

void check_head(const net::ResponseHead& head) {
  check(head.status >= 200 && head.status <= 599, "a status that is none");
  for (const net::Header& header : head.headers) {
    check(net::is_token(header.name) && net::all_are(header.value, net::value_byte), "a header that cannot be sent");
  }
}

// "complete", "incomplete", "refused"; and the body.
std::string read_in_pieces(std::string_view text, size_t piece) {
  lambda::Prelude prelude;
  for (size_t at = 0; at < text.size(); at += piece) {
    const Result<bool> complete = prelude.add(text.substr(at, piece));
    if (!complete) return "refused";
    if (!*complete) continue;
    if (auto head = lambda::response_head_of(prelude.metadata(), "text/plain")) check_head(*head);
    return "complete " + prelude.take_body() + std::string(text.substr(std::min(at + piece, text.size())));
  }
  return "incomplete";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string at_once = read_in_pieces(text, std::max<size_t>(text.size(), 1));
  for (size_t piece : {size_t(1), size_t(7), size_t(8), size_t(100)})
    check(read_in_pieces(text, piece) == at_once, "pieces are read otherwise");
  for (std::string_view type : {"application/json", "text/plain", "application/vnd.awslambda.http-integration-response"}) {
    if (auto response = lambda::response_of(type, std::string(text)); response && type != std::string_view("text/plain"))
      check_head(response->head);
  }
  return 0;
}
