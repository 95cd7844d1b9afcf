// Numbers and times as CloudWatch writes them into texts.
#pragma once
#include <string>

#include "base/time.h"

namespace outcrop::cloudwatch {

// As Java's Double.toString: "21.5", "2.0", "1.0E7": the shortest digits, with an exponent below 0.001 and from 10,000,000 on.
std::string number_text(double number);

// "2023-08-04T12:31:29.591+0000".
std::string time_text(Instant at);
// "26/10/23 16:42:00".
std::string short_time_text(int64_t time_s);

}  // namespace outcrop::cloudwatch
