// What the embedded model costs: an index and an answer over a text of 600 KB, a summary of it, a small prompt from its bytes to
// its answer, an embedding and a token count.
#include <benchmark/benchmark.h>

#include <array>

#include "inference/embedded/answer.h"
#include "inference/embedded/embedding.h"
#include "inference/embedded/token_count.h"

namespace {

using namespace outcrop;
using namespace outcrop::embedded;

// Prose of that size with headings and some 3,000 different words.
std::string manual(size_t bytes) {
  static constexpr std::array<std::string_view, 12> words = {"package", "system", "file",   "version", "directory", "maintainer",
                                                             "script",  "field",  "upload", "library", "archive",   "control"};
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) {
    if (i % 40 == 0)
      text +=
          "\n\n" + std::to_string(i / 400 + 1) + "." + std::to_string(i / 40) + ". Section about term" + std::to_string(i % 997) + "\n\n";
    text += "The " + std::string(words[i % words.size()]) + " of term" + std::to_string(i * 7 % 3001) + " must be installed by the " +
            std::string(words[i * 5 % words.size()]) + " before\nversion " + std::to_string(i % 100) + " is released to every user. ";
  }
  return text;
}

void build_index(benchmark::State& state) {
  std::string text = manual(600'000);
  for (auto _ : state) benchmark::DoNotOptimize(TextIndex::build({{"manual", text}}));
  state.SetBytesProcessed(int64_t(state.iterations() * text.size()));
}

void ask_index(benchmark::State& state) {
  std::string text = manual(600'000);
  Result<TextIndex> index = TextIndex::build({{"manual", text}});
  for (auto _ : state) benchmark::DoNotOptimize(answer(*index, read_request("Which version of term42 must the maintainer install?")));
}

void ask_manual(benchmark::State& state) {
  std::string text = manual(600'000);
  for (auto _ : state) benchmark::DoNotOptimize(answer({{"manual", text}}, "Which version of term42 must the maintainer install?"));
}

void summarise_manual(benchmark::State& state) {
  std::string text = manual(600'000);
  for (auto _ : state) benchmark::DoNotOptimize(answer({{"manual", text}}, "Summarise this in five sentences."));
}

void small_prompt(benchmark::State& state) {
  std::string text = manual(1'000);
  for (auto _ : state) benchmark::DoNotOptimize(answer({{"note", text}}, "Which version of term7 must the maintainer install?"));
}

void embed_paragraph(benchmark::State& state) {
  std::string text = manual(1'000);
  for (auto _ : state) benchmark::DoNotOptimize(embed(text, 1024));
}

void count_tokens(benchmark::State& state) {
  std::string text = manual(600'000);
  for (auto _ : state) benchmark::DoNotOptimize(estimate_tokens(text));
  state.SetBytesProcessed(int64_t(state.iterations() * text.size()));
}

BENCHMARK(build_index);
BENCHMARK(ask_index);
BENCHMARK(ask_manual);
BENCHMARK(summarise_manual);
BENCHMARK(small_prompt);
BENCHMARK(embed_paragraph);
BENCHMARK(count_tokens);

}  // namespace

BENCHMARK_MAIN();
