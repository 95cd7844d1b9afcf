// The services of shelf.json (restJson1) and depot.json (restXml): they give back what they were given.
#pragma once
#include "gen/depot/get_place.h"
#include "gen/depot/get_policy.h"
#include "gen/depot/list_parts.h"
#include "gen/depot/manifest.h"
#include "gen/depot/put_grants.h"
#include "gen/shelf/delete_book.h"
#include "gen/shelf/errors.h"
#include "gen/shelf/find_books.h"
#include "gen/shelf/get_cover.h"
#include "gen/shelf/manifest.h"
#include "gen/shelf/put_book.h"
#include "gen/shelf/put_cover.h"
#include "gen/shelf/review_book.h"

namespace outcrop::shelf {
class Shelf {};
}  // namespace outcrop::shelf

namespace outcrop::depot {
class Depot {};
}  // namespace outcrop::depot
