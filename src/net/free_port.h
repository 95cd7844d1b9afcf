// A port for a program that cannot choose one by itself.
#pragma once
#include <cstdint>

#include "base/result.h"

namespace outcrop::net {

// One of 127.0.0.1 that nobody listens on now. Whoever listens first has it. Fault: NoFreePort 500.
Result<uint16_t> free_loopback_port();

}  // namespace outcrop::net
