// The dialects that are built, one a family of models.
#pragma once
#include "inference/dialects/dialect.h"
#include "inference/dialects/embedding_dialect.h"

namespace outcrop::inference {

const Dialect& anthropic_messages_dialect();
const Dialect& nova_dialect();
const Dialect& llama_dialect();
const Dialect& mistral_text_dialect();
const Dialect& titan_text_dialect();
const Dialect& deepseek_dialect();
const Dialect& mistral_chat_dialect();
const Dialect& jamba_dialect();
const Dialect& openai_chat_dialect();
const Dialect& cohere_command_r_dialect();

const EmbeddingDialect& titan_embed_text_dialect();
const EmbeddingDialect& cohere_embed_dialect();

}  // namespace outcrop::inference
