// What each command of the program does. Each gives the exit status.
#pragma once
#include "server/config.h"

namespace outcrop::server {

int serve(const Flags& flags);         // runs until it is told to stop
int check_config(const Flags& flags);  // says what is wrong with the configuration file, or OK
int list_services();                   // prints what is implemented
// Prints who answers for which model; with `check` asks them, and fails when one cannot be asked.
int list_models(const Flags& flags, bool check);
int list_runtimes(const Flags& flags);   // prints which program runs the functions of which runtime
int show_authority(const Flags& flags);  // prints the file of what clients of TLS must trust

}  // namespace outcrop::server
