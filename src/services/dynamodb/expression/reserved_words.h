// The words that expressions may not use as names of attributes ("Reserved words in DynamoDB", Developer Guide).
#pragma once
#include <string_view>

namespace outcrop::dynamodb {

// In whatever case.
bool is_reserved_word(std::string_view name);

}  // namespace outcrop::dynamodb
