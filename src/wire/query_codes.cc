#include "wire/query_codes.h"

namespace outcrop::wire {

namespace {

struct QueryCode {
  std::string_view json, query;
};
// IAM API reference, "Common errors", beside DynamoDB developer guide, "Error messages".
constexpr QueryCode query_codes[] = {
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken"},
    {"IncompleteSignatureException", "IncompleteSignature"},
    {"UnrecognizedClientException", "InvalidClientTokenId"},
    {"InvalidSignatureException", "SignatureDoesNotMatch"},
    {"ExpiredTokenException", "ExpiredToken"},
    {"AccessDeniedException", "AccessDenied"},
};

}  // namespace

std::string_view query_code_of(std::string_view json_code) {
  for (const QueryCode& code : query_codes)
    if (code.json == json_code) return code.query;
  return json_code;
}

void add_query_error(const ServiceModel* service, const ErrorShape* known, const Fault& fault, net::Headers& headers) {
  if (!service || !service->query_compatible) return;
  const bool sender = known ? known->sender : fault.is_senders();
  headers.add("x-amzn-query-error", fmt::format("{};{}", known ? known->code : query_code_of(fault.code), sender ? "Sender" : "Receiver"));
}

}  // namespace outcrop::wire
