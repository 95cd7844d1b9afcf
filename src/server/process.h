// What the process asks of the operating system and of malloc before anything else runs.
#pragma once

namespace outcrop::server {

// Raises the limit of open files to what the system allows: every connection is one.
void raise_open_files_limit();

// Freed memory is given back. Each thread keeps an arena of its own: event loops that share one stop each other at every block of over
// 1 KB.
void tune_memory();

}  // namespace outcrop::server
