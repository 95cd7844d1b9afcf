// What clients of the query protocol know the errors of AWS's front doors as. Those are in no service's model, and named otherwise
// in JSON; services that kept their query codes (awsQueryCompatible) send both.
#pragma once
#include <string_view>

namespace outcrop::wire {

// "SignatureDoesNotMatch" for "InvalidSignatureException"; the code itself when it has no other name.
std::string_view query_code_of(std::string_view json_code);

}  // namespace outcrop::wire
