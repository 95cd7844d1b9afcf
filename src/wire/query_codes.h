// What clients of the query protocol know the errors of AWS's front doors as. Those are in no service's model, and named otherwise
// in JSON; services that kept their query codes (awsQueryCompatible) send both.
#pragma once
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "wire/operation.h"

namespace outcrop::wire {

// "SignatureDoesNotMatch" for "InvalidSignatureException"; the code itself when it has no other name.
std::string_view query_code_of(std::string_view json_code);

// Adds x-amzn-query-error, "AWS.SimpleQueueService.NonExistentQueue;Sender", where the service kept its query codes. `known`: the
// fault's row in its model, or null.
void add_query_error(const ServiceModel* service, const ErrorShape* known, const Fault& fault, net::Headers& headers);

}  // namespace outcrop::wire
