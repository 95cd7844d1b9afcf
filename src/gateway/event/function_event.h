// The event that a function gets by the Lambda proxy integration, and by an authorizer as far as they are alike, in the shapes that AWS's
// events have.
#pragma once
#include <string>
#include <string_view>

#include "gateway/event/route_event.h"
#include "json/writer.h"

namespace outcrop::gateway {

// `body`: of a message.
std::string write_function_event(const RouteEvent& event, std::string_view body);

// What a handshake had, as members of an object: headers, multiValueHeaders and, where there is a query, queryStringParameters and
// multiValueQueryStringParameters. What names the hop and not the request is left out, and what a proxy adds is there.
void write_handshake(json::Writer& writer, const Handshake& handshake, std::string_view trace_header);

// stageVariables, where the stage has some.
void write_stage_variables(json::Writer& writer, const ServedStage& stage);

}  // namespace outcrop::gateway
