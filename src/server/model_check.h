// What `outcrop models` says: the configured models, and whether each can be asked.
#pragma once
#include <string>
#include <vector>

#include "base/task.h"
#include "inference/catalog.h"
#include "net/http_clients.h"
#include "server/model_config.h"
#include "server/paths.h"

namespace outcrop::server {

// "anthropic.*  openai  qwen3  for 35 models of the catalogue", with its conditions and its fall-back.
std::string describe_model(const ModelConfig& model, const inference::Catalog& catalog);

struct ModelCheck {
  std::string subject;  // "http://127.0.0.1:8000/v1"
  bool is_well = false;
  std::string words;  // "serves qwen3"
};

// Model servers are asked for their models, with the configured key. Of a llama-server its program and its file are looked for; it is not
// started. On a loop of the clients.
Task<std::vector<ModelCheck>> check_model(ModelConfig model, net::HttpClients& clients, const Clock& clock,
                                          const Environment& environment = process_environment);

// Prints all, checked where `check`; says whether every check went well.
bool print_models(const std::vector<ModelConfig>& models, bool check);

}  // namespace outcrop::server
