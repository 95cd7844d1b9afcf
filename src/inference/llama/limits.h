// The limits of llama-server as a child, each with its source.
#pragma once
#include "base/time.h"

namespace outcrop::inference::limits {

// Until a model is loaded: tens of gigabytes from a slow disk take minutes. A setting; ours.
inline constexpr Milliseconds llama_start_timeout{300'000};
// How often it is asked how it is, and how often in a row it may not answer, within the time, before it is started again. Ours: those of a
// Kubernetes liveness probe (period 10 s, failure threshold 3), and while it starts often enough to be used at once.
inline constexpr Milliseconds llama_starting_check_interval{100};
inline constexpr Milliseconds llama_check_interval{10'000};
inline constexpr Milliseconds llama_check_timeout{5'000};
inline constexpr int llama_checks_failed_max = 3;
// The pause before it is started again: doubled each time, and forgotten after it ran for a while. Kubernetes' are 10 s to 5 min, for
// containers; a program starts faster.
inline constexpr Milliseconds llama_restart_first{500};
inline constexpr Milliseconds llama_restart_max{60'000};
inline constexpr Milliseconds llama_restart_forgotten{60'000};
// Between SIGTERM and SIGKILL. Ours: the server's own end has 2 s.
inline constexpr Milliseconds llama_end_grace{1'500};
// How long a request waits for a model that is being loaded, and how many do. Ours; the AWS SDKs try again after ModelNotReadyException.
inline constexpr Milliseconds llama_ready_wait{10'000};
inline constexpr size_t llama_waiting_max = 4'096;

}  // namespace outcrop::inference::limits
