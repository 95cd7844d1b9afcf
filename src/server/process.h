// What the process asks of the operating system before anything else runs, and of malloc.
#pragma once

namespace outcrop::server {

// Raises the limit of open files to what the system allows: every connection is one.
void raise_open_files_limit();

}  // namespace outcrop::server
