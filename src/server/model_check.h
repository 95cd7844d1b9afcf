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

// What checks ask with; it must outlive them.
struct CheckWorld {
  net::HttpClients& clients;
  ThreadPool& pool;
  const Clock& clock;
  Environment environment = process_environment;
};

// Model servers are asked for their models, with the configured key. Of a llama-server its program and its file are looked for; it is not
// started. Of another Bedrock its credentials are looked for and each Region is connected to; no model is invoked. Recordings are read, and
// who is recorded is checked as well. On a loop of the clients.
Task<std::vector<ModelCheck>> check_model(ModelConfig model, const CheckWorld& world);

// Prints all, checked where `check`; says whether every check went well.
bool print_models(const std::vector<ModelConfig>& models, bool check);

}  // namespace outcrop::server
