// The AWS services of this server, as their generated manifests describe them: the one list of them there is.
#pragma once
#include <string>
#include <vector>

#include "server/config.h"
#include "wire/operation.h"

namespace outcrop::server {

// Sorted by name.
std::vector<const wire::ServiceModel*> service_models();

// What outcrop.yaml may name: implemented operations only.
std::vector<KnownService> known_services();

// "sqs   23 of 23 operations", a line a service, and what is missing beneath.
std::string describe_services();

}  // namespace outcrop::server
