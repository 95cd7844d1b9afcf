#include "core/telemetry/otlp_sender.h"

#include "core/telemetry/limits.h"

namespace outcrop::telemetry {

// The same spans may be sent twice: collectors know them by their ids.
Task<Result<OtlpAnswer>> HttpOtlpSender::post(const net::Url& url, std::string body, SteadyTime deadline, std::stop_token stop) {
  net::ClientRequest request{.method = "POST", .url = url, .headers = headers_, .body = std::move(body)};
  request.headers.set("content-type", "application/json");
  request.deadline = deadline;
  request.stop = std::move(stop);
  request.may_be_repeated = true;
  auto exchange = co_await clients_.current().send(std::move(request));
  OtlpAnswer answer{.status = exchange->head().status, .retry_after = std::string(exchange->head().headers.get("retry-after"))};
  // The head says what became of it: an answer that is too long or breaks off is no reason to send it again.
  if (Result<std::string> said = co_await keep(exchange->read_whole(limits::answer_bytes_max))) answer.body = std::move(*said);
  co_return answer;
}

}  // namespace outcrop::telemetry
