// Values as Java writes them: toString() of what API Gateway's Java makes of JSON. Templates and selection expressions put it into texts.
#pragma once
#include <string>

#include "json/json.h"

namespace outcrop::expr {

// A string as it is, 1 and 1.5 as they are, 100.0 not as 100, 1e7 as "1.0E7"; [a, b] of an array, {a=1, b=2} of an object.
std::string java_text(const json::Value& value);
void append_java_text(std::string& out, const json::Value& value);

// Double.toString().
std::string java_double(double number);

}  // namespace outcrop::expr
