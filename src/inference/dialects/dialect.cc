#include "inference/dialects/dialect.h"

#include "inference/dialects/families.h"

namespace outcrop::inference {

namespace {

struct Family {
  std::string_view name;
  const Dialect& (*dialect)();
};

constexpr Family families[] = {
    {"anthropic-messages", anthropic_messages_dialect},
    {"nova", nova_dialect},
    {"llama", llama_dialect},
    {"mistral-text", mistral_text_dialect},
    {"titan-text", titan_text_dialect},
    {"deepseek", deepseek_dialect},
    {"mistral-chat", mistral_chat_dialect},
    {"jamba", jamba_dialect},
    {"openai-chat", openai_chat_dialect},
    {"cohere-command-r", cohere_command_r_dialect},
};

}  // namespace

const Dialect* find_dialect(std::string_view name) {
  for (const Family& family : families) {
    if (family.name == name) return &family.dialect();
  }
  return nullptr;
}

}  // namespace outcrop::inference
