// How a request to another server fails. Statuses are those a gateway answers with when it cannot help it.
//
// | code                  | status | what happened                                                        | progress   |
// |-----------------------|--------|----------------------------------------------------------------------|------------|
// | InvalidRequest        | 400    | a method, target or field that cannot be written                     | unsent     |
// | PoolExhausted         | 503    | too many requests wait for a connection to this origin               | unsent     |
// | PoolTimeout           | 504    | no connection became free in time                                    | unsent     |
// | HostNotFound          | 502    | could not resolve the name                                           | unsent     |
// | ConnectionRefused     | 502    | nobody listens there                                                 | unsent     |
// | ConnectionFailed      | 502    | no route, reset while connecting, no socket to be had                | unsent     |
// | ConnectTimeout        | 504    | resolving, connecting or a handshake took too long                   | unsent     |
// | ProxyRefused          | 502    | the proxy did not open a tunnel                                      | unsent     |
// | TlsVerificationFailed | 502    | "certificate verify failed: ..."                                     | unsent     |
// | TlsHandshakeFailed    | 502    | any other failure to agree on TLS                                    | unsent     |
// | WriteTimeout          | 504    | the peer took nothing of the request for too long                    | unanswered |
// | NoResponse            | 502    | the connection ended before any byte of an answer                    | unanswered |
// | ResponseTimeout       | 504    | no whole head of an answer in time                                   | unanswered |
// | Cancelled             | 499    | the stop token was stopped, or the client was closed                 | unanswered |
// | AnsweredEarly         | 502    | the answer began and the rest of the request is not wanted           | answered   |
// | ReadTimeout           | 504    | the rest of an answer stopped coming                                 | answered   |
// | IncompleteResponse    | 502    | the connection ended within an answer                                | answered   |
// | MalformedResponse     | 502    | what came is no HTTP/1.x response, or its end is in doubt            | answered   |
// | ResponseTooLarge      | 502    | a head or a body above its limit                                     | answered   |
#pragma once
#include "base/result.h"

namespace outcrop::net {

// How far a failed request had come. Unsent: the server has seen nothing of it, so that it may be sent again whatever
// it does. Unanswered: it may or may not have been carried out. Answered: bytes of an answer came.
enum class RequestProgress { unsent, unanswered, answered };

RequestProgress progress_of(const Fault& fault);

}  // namespace outcrop::net
