// The limits of the HTTP layer, each with its source. ServerOptions starts from them; main may change them.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::net::limits {

// Request line. API Gateway's longest URL is 10,240 B (its quota page); the rest leaves room for long S3 keys in
// presigned queries with session tokens. Above: 414.
inline constexpr size_t request_line_bytes_max = 16 * 1024;
// Request line, fields and line ends together; what nginx takes by default (4 x 8 KiB). Above: 431.
inline constexpr size_t head_bytes_max = 32 * 1024;
// Fields of one head; Apache's LimitRequestFields. Above: 431.
inline constexpr size_t fields_max = 100;
// Method names that exist are shorter (IANA registry: BASELINE-CONTROL, UPDATEREDIRECTREF: 17).
inline constexpr size_t method_bytes_max = 32;
// Trailer section of a chunked body: our own; Lambda's error trailer is base64 of a stack trace.
inline constexpr size_t trailer_bytes_max = 16 * 1024;
// Chunk extensions of one body, which nobody uses but attackers (CVE-2023-39326).
inline constexpr size_t chunk_extension_bytes_max = 4 * 1024;

// A connection without a request; nginx's keepalive_timeout, longer than the clients' own pools keep sockets.
inline constexpr Milliseconds idle_timeout{75'000};
// From a connection's or a request's first byte to the end of its head. Above: 408.
inline constexpr Milliseconds head_timeout{30'000};
// Credit of waiting for body bytes, and the rate that refills it: Apache's mod_reqtimeout (20 s, 500 B/s).
inline constexpr Milliseconds body_timeout{20'000};
inline constexpr size_t body_bytes_per_second_min = 500;
// The longest time in which a peer may take nothing of an answer; nginx's send_timeout.
inline constexpr Milliseconds write_timeout{60'000};
// Answers that wait for their peers, on one loop: as much as bodies may take. Above: the longest time in which a peer may take nothing of
// one is this; ours.
inline constexpr size_t held_answer_bytes_max = 64 * 1024 * 1024;
inline constexpr Milliseconds pressed_write_timeout{2'000};
// The longest wait for body memory. Above: 503.
inline constexpr Milliseconds budget_timeout{30'000};
// After an early answer the rest of the body is read and dropped for so long, so that the peer sees the answer
// instead of a reset; nginx's lingering_timeout is 5 s.
inline constexpr Milliseconds linger_timeout{5'000};
inline constexpr uint64_t linger_bytes_max = 16 * 1024 * 1024;
// An unread rest of a body up to this size is read over to keep the connection; above, closing is cheaper.
inline constexpr uint64_t drain_bytes_max = 64 * 1024;

// Open connections of one server. Above: newcomers wait in the backlog.
inline constexpr size_t connections_max = 10'000;
// Connections the kernel completes while nobody accepts; it caps this at net.core.somaxconn (4,096).
inline constexpr int backlog = 4'096;
// How long accepting pauses when the process is out of file descriptors.
inline constexpr Milliseconds accept_pause{100};

// What one connection holds while it waits for a request, and what it may grow to while it reads fast.
inline constexpr size_t idle_buffer_bytes = 2 * 1024;
inline constexpr size_t read_part_bytes_max = 64 * 1024;
// The memory of a body that is held whole begins with so much and doubles as its bytes come.
inline constexpr size_t first_step_bytes = 16 * 1024;
// Bodies held whole at the same time, over all connections.
inline constexpr size_t body_budget_bytes = 64 * 1024 * 1024;
// Answer bytes the kernel holds that are not on the wire yet (TCP_NOTSENT_LOWAT).
inline constexpr int unsent_bytes_max = 256 * 1024;

// Plain bytes that one write turns into TLS records: four of the largest (RFC 8446 section 5.1).
inline constexpr size_t tls_write_bytes_max = 64 * 1024;
// Records that wait for the socket; above, a peer whose messages want answers (KeyUpdate) is not read any more.
inline constexpr size_t tls_unsent_bytes_max = 128 * 1024;
// KeyUpdate messages in a row without a byte between them; BoringSSL's kMaxKeyUpdates. Above: the connection fails.
inline constexpr int tls_key_updates_max = 32;
// Hosts whose last TLS session a client keeps.
inline constexpr size_t tls_sessions_max = 256;

// A WebSocket message, and one frame of it, that a client may send: API Gateway's message payload (its quota page).
inline constexpr size_t websocket_message_bytes_max = 128 * 1024;
inline constexpr size_t websocket_frame_bytes_max = websocket_message_bytes_max;
// Frames of one message, which may be empty: our own; 4 MiB in pieces of 64 bytes.
inline constexpr size_t websocket_fragments_max = 64 * 1024;
// From a message's first byte to its last: our own, as for a head. Above: closed with 1008.
inline constexpr Milliseconds websocket_message_timeout{30'000};
// After so much silence a peer is asked for a sign of life, and after as much again it is gone: shorter than the 60 s
// after which proxies forget a connection (nginx's proxy_read_timeout).
inline constexpr Milliseconds websocket_ping_interval{30'000};
// From our decision to close to the end of the transport; ours, as for lingering.
inline constexpr Milliseconds websocket_close_timeout{5'000};
// Of messages that wait for the peer to take those before them: 8 of the largest that API Gateway sends.
inline constexpr size_t websocket_queued_bytes_max = 1024 * 1024;

// HTTP/2. Open streams of one connection, and handlers that run for it (those of reset streams too): nginx's and
// Apache's figures are 128 and 100; RFC 9113 section 6.5.2 asks for at least 100. Above: the stream is refused.
inline constexpr uint32_t streams_max = 128;
// A field costs 32 bytes more in a header list than its text (RFC 9113 section 10.5.1).
inline constexpr size_t field_overhead_bytes = 32;
// A header list that is this many times as large as allowed is no mistake but an attack: it is not even answered.
inline constexpr size_t header_list_excess_max = 8;
// Bytes of bodies that were received, on one connection and on one loop, and that no handler has read: beyond them a
// connection's window is given back only as handlers read. 16 stalled streams of the default window, which RFC 9113
// section 6.9.2 sets at 64 KiB, leave a connection usable.
inline constexpr size_t connection_unread_bytes_max = 1024 * 1024;
inline constexpr size_t loop_unread_bytes_max = 32 * 1024 * 1024;
// Streams that ended early through the peer: what it may reset at once, and so many each second after that; what
// nghttp2 allows since CVE-2023-44487. Above: the connection ends with ENHANCE_YOUR_CALM.
inline constexpr uint64_t stream_resets_max = 1'000;
inline constexpr uint64_t stream_resets_per_second = 33;
// Frames that bring no work (PING, SETTINGS, PRIORITY, DATA without data; CVE-2019-9512, 9515 and 9518): more
// than any client's keep-alive pings and flow control probes.
inline constexpr uint64_t idle_frames_max = 1'000;
inline constexpr uint64_t idle_frames_per_second = 50;
// Acknowledgements that wait to be written while the peer reads nothing; nghttp2's default is 1,000.
inline constexpr size_t queued_acknowledgements_max = 128;
// What of a connection's answers is gathered for one write to its socket.
inline constexpr size_t write_bytes_max = 64 * 1024;

// The client's side.

// Head of a response; what Go's net/http takes is 10 MiB, curl 300 KiB. Model servers and AWS send less than 8 KiB.
inline constexpr size_t response_head_bytes_max = 64 * 1024;
// Twice what we take of a request: gateways and their proxies add their own.
inline constexpr size_t response_fields_max = 200;
// Interim responses (1xx) to one request; 102 is sent again and again by servers that work for long.
inline constexpr size_t interim_responses_max = 64;
// Longer ones are refused everywhere on their way; RFC 9110 section 4.1 asks for at least 8,000.
inline constexpr size_t url_bytes_max = 16 * 1024;
// RFC 1035 section 2.3.4, with the dot that may end it.
inline constexpr size_t host_name_bytes_max = 254;

// Connections to one origin; above, requests wait for one, first come first served, and so many of them at most.
inline constexpr size_t connections_per_origin_max = 256;
inline constexpr size_t waiting_per_origin_max = 1'024;
// Connections kept without a request: of one origin, and together.
inline constexpr size_t idle_per_origin_max = 64;
inline constexpr size_t idle_connections_max = 512;
// Uvicorn (under vLLM) and Node close a connection after 5 s without a request. A client that gives up before them
// does not send into a connection that is being closed; such a request could not always be repeated.
inline constexpr Milliseconds client_idle_timeout{4'000};
// Resolution, every attempt to connect, and the handshakes; botocore's connect_timeout is 60 s, Go's dialer has 30 s.
inline constexpr Milliseconds connect_timeout{10'000};
// For a connection to become free.
inline constexpr Milliseconds pool_timeout{30'000};
// From the request's last byte to the answer's first, and between two parts of an answer; botocore's read_timeout
// and nginx's proxy_read_timeout. A call of a model gives its own.
inline constexpr Milliseconds response_timeout{60'000};
inline constexpr Milliseconds read_timeout{60'000};
// How long "100 Continue" is waited for; curl's.
inline constexpr Milliseconds continue_timeout{1'000};

// Addresses of one name that are tried.
inline constexpr size_t connect_attempts_max = 4;
// Names whose addresses are remembered, and for how long: getaddrinfo does not say how long they are valid, and
// names in front of AWS's services change within 60 s.
inline constexpr size_t resolved_names_max = 256;
// Look-ups under way together, those among them that nobody waits for any more.
inline constexpr size_t lookups_max = 64;
inline constexpr Milliseconds resolved_name_age{30'000};

}  // namespace outcrop::net::limits
