// OpenAiFront: the OpenAI-compatible routes of Amazon Bedrock, so that clients of that API connect too: chat completions, whole and
// streamed, and the list of models. /openai/v1/… is what the endpoint bedrock-runtime has, /v1/… what bedrock-mantle has; both do the same
// here (Bedrock User Guide, "Inference using Chat Completions API").
//
// A completion counts as InvokeModel, or as InvokeModelWithResponseStream when it is streamed: IAM grants it by these actions, and
// throttles, injected faults and metrics know it by these names.
#pragma once
#include <array>
#include <string_view>

#include "core/api_front.h"
#include "inference/dialects/openai_chat.h"
#include "services/bedrock-runtime/bedrock_runtime.h"

namespace outcrop::bedrock_runtime {

class OpenAiFront final : public net::Handler {
 public:
  static constexpr std::array<std::string_view, 6> path_prefixes = {"/openai/v1/",    "/v1/chat/",        "/v1/models/",
                                                                    "/v1/responses/", "/v1/completions/", "/v1/embeddings/"};
  // Not what is signed for another service: its paths can be anything.
  static bool takes(const net::RequestHead& head);

  // After the service was added to the directory.
  OpenAiFront(World& world, Directory& directory, auth::Authenticator& authenticator, BedrockRuntime& bedrock, ApiFrontOptions options);

  Task<void> serve(net::Exchange& exchange) override;

 private:
  struct Request;
  struct Route;
  static Result<Route> route(const net::RequestHead& head);

  Task<Result<void>> answer(Request& request);
  Task<Result<void>> complete_chat(Request& request);
  Task<Result<std::string>> whole(Call& call, Result<inference::ChatCompletionRequest> asked, std::string_view latency);
  Task<Result<void>> respond(Request& request, int status, std::string body);
  Task<void> respond_fault(Request& request, const Fault& fault);
  Result<auth::Caller> authenticate(const Request& request) const;
  Call& make_call(Request& request, std::string_view operation) const;

  World& world_;
  Directory& directory_;
  auth::Authenticator& authenticator_;
  BedrockRuntime& bedrock_;
  const ApiFrontOptions options_;
  const Directory::Service& service_;
};

}  // namespace outcrop::bedrock_runtime
