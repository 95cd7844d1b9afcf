// What the process asks of the operating system and of malloc before anything else runs.
#pragma once

namespace outcrop::server {

// Raises the limit of open files to what the system allows: every connection is one.
void raise_open_files_limit();

// Few malloc arenas, and freed memory given back: an arena a thread keeps what a burst left behind.
void tune_memory();

}  // namespace outcrop::server
