// What expressions cost a message of a WebSocket API: its route's key, and a mapping template; and JSONPath by itself.
#include <benchmark/benchmark.h>

#include "expr/json_path.h"
#include "expr/selection_expression.h"
#include "expr/velocity.h"

namespace {

using namespace outcrop;

constexpr std::string_view message =
    R"({"action": "ask", "conversation": "c-81", "question": "What is bedrock?", "history": [{"role": "user", "text": "Hello"},)"
    R"( {"role": "assistant", "text": "Hello, how can I help?"}, {"role": "user", "text": "Tell me about rocks."}]})";

struct Message : expr::SelectionSource {
  const json::Value* document(expr::SelectionVariable) const override { return &body; }
  json::Value body = *json::parse(message);
};

void select_route(benchmark::State& state) {
  const auto expression = *expr::SelectionExpression::parse("$request.body.action");
  const Message source;
  for (auto _ : state) benchmark::DoNotOptimize(expression.evaluate(source));
}
BENCHMARK(select_route);

void read_path(benchmark::State& state) {
  const auto path = *expr::JsonPath::parse("$.history[?(@.role == 'user')].text");
  const json::Value document = *json::parse(message);
  for (auto _ : state) benchmark::DoNotOptimize(path.read(document));
}
BENCHMARK(read_path);

constexpr std::string_view mapping = R"vtl(#set($root = $input.path('$'))
{
  "connection": "$context.connectionId",
  "question": "$util.escapeJavaScript($root.question)",
  "turns": [#foreach($turn in $root.history){"role": "$turn.role", "text": $input.json("$.history[$foreach.index].text")}#if($foreach.hasNext), #end#end]
})vtl";

void compile_template(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(expr::VelocityTemplate::parse(mapping));
}
BENCHMARK(compile_template);

void render_template(benchmark::State& state) {
  const auto compiled = *expr::VelocityTemplate::parse(mapping);
  expr::TemplateInput input{.body = message};
  input.context = *json::parse(R"({"connectionId": "Lx2bWd4xIAMCJqA=", "routeKey": "ask", "stage": "prod", "apiId": "a1b2c3d4e5"})");
  for (auto _ : state) benchmark::DoNotOptimize(compiled.render(input));
}
BENCHMARK(render_template);

}  // namespace

BENCHMARK_MAIN();
