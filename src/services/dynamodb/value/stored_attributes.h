// Attributes as they lie on disk: compact bytes of our own. A version byte (1), then the attributes: their number, and of each its name,
// its type and its value. Numbers and lengths are varints (7 bits a byte, the lowest first); numbers are Decimal::sortable().
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

std::string store_attributes(const Attributes& attributes);
// Fault: CorruptRecord 500, of bytes that store_attributes() did not give.
Result<Attributes> load_attributes(std::string_view bytes);

}  // namespace outcrop::dynamodb
