#include "inference/endpoints/server_fault.h"

#include <fmt/format.h>

#include "inference/endpoints/retry_after.h"
#include "inference/openai/limits.h"
#include "json/json.h"
#include "net/client_fault.h"

namespace outcrop::inference {

namespace {

using Next = ServerFault::Next;

Fault told(std::string code, int status, std::string message, ServerFault details) {
  return {std::move(code), status, std::move(message), FaultDetails(std::make_unique<ServerFault>(std::move(details)))};
}

// Servers put their words in error.message (OpenAI, vLLM, SGLang), error (Ollama, TGI), message (older vLLM) or detail (FastAPI).
std::string words_of(std::string_view body) {
  const auto parsed = json::parse(body);
  std::string_view words = body;
  if (parsed) {
    const json::Value* error = parsed->find("error");
    for (const json::Value* place : {error ? error->find("message") : nullptr, error, parsed->find("message"), parsed->find("detail")}) {
      if (!place || !place->is_string()) continue;
      words = place->as_string();
      break;
    }
  }
  return std::string(words.substr(0, limits::model_error_words_max));
}

}  // namespace

const ServerFault* server_fault_in(const Fault& fault) { return dynamic_cast<const ServerFault*>(fault.details.get()); }

Fault fault_of_connection(const Fault& fault) {
  if (fault.code == "Cancelled") return told("ConnectionClosed", 499, "The caller has gone.", {Next::give_up, 0});
  const net::RequestProgress progress = net::progress_of(fault);
  if (progress == net::RequestProgress::unsent || fault.code == "NoResponse") {
    return told("ServiceUnavailableException", 503, fmt::format("The model server cannot be reached: {}", fault.message),
                {Next::try_another, 0});
  }
  if (fault.status == 504) return told("ModelTimeoutException", 408, "The model server took too long to answer.", {Next::blame, 0, true});
  return fault_of_answer(fmt::format("The model server's answer broke off: {}", fault.message));
}

Fault fault_of_status(const net::ResponseHead& head, std::string_view body, Instant now) {
  const int status = head.status;
  if (status == 429 || status == 503) {
    ServerFault details(Next::try_another, status, /* has_too_much */ true);
    details.retry_after = retry_after_of(head.headers.get("retry-after"), now);
    if (status == 429) return told("ThrottlingException", 429, fmt::format("The model server is busy: {}", words_of(body)), details);
    return told("ModelErrorException", 424, fmt::format("The model server answered {}: {}", status, words_of(body)), details);
  }
  if (status == 400 || status == 413 || status == 422) {
    return told("ValidationException", 400, fmt::format("The model server refused the request: {}", words_of(body)),
                {Next::give_up, status});
  }
  // Its words may show a part of the key.
  if (status == 401 || status == 403) {
    return told("ModelErrorException", 424, fmt::format("The model server refused the key it is configured with ({}).", status),
                {Next::give_up, status});
  }
  return told("ModelErrorException", 424, fmt::format("The model server answered {}: {}", status, words_of(body)),
              {status >= 500 ? Next::try_another : Next::give_up, status});
}

Fault fault_of_answer(std::string message) { return told("ModelErrorException", 424, std::move(message), {Next::try_another, 0}); }

Fault once_begun(Fault fault) {
  const ServerFault* details = server_fault_in(fault);
  if (!details || details->next != Next::try_another) return fault;
  if (fault.code == "ModelErrorException") fault.code = "ModelStreamErrorException";
  return told(std::move(fault.code), fault.status, std::move(fault.message), {Next::blame, details->status, details->has_too_much});
}

}  // namespace outcrop::inference
