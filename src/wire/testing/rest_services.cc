// What the two services do.
#include "wire/testing/rest_services.h"

namespace outcrop::shelf {

Task<Result<DeleteBookOutput>> delete_book(Shelf&, Call&, DeleteBookInput input) { co_return fail(book_not_found("No " + input.title)); }

Task<Result<FindBooksOutput>> find_books(Shelf&, Call&, FindBooksInput input) { co_return FindBooksOutput{.total = input.limit}; }

Task<Result<GetCoverOutput>> get_cover(Shelf&, Call&, GetCoverInput input) {
  co_return GetCoverOutput{.image = input.title, .image_type = "image/png", .status_code = 203};
}

Task<Result<PutBookOutput>> put_book(Shelf&, Call&, PutBookInput input) {
  co_return PutBookOutput{.version = input.title, .labels = input.labels, .meta = input.meta, .notes = input.notes};
}

Task<Result<PutCoverOutput>> put_cover(Shelf&, Call&, PutCoverInput input) { co_return PutCoverOutput{.version = input.image}; }

Task<Result<ReviewBookOutput>> review_book(Shelf&, Call&, ReviewBookInput) { co_return ReviewBookOutput{}; }

}  // namespace outcrop::shelf

namespace outcrop::depot {

Task<Result<GetPlaceOutput>> get_place(Depot&, Call&, GetPlaceInput input) { co_return GetPlaceOutput{.place = input.bin}; }

Task<Result<GetPolicyOutput>> get_policy(Depot&, Call&, GetPolicyInput input) { co_return GetPolicyOutput{.policy = input.bin}; }

Task<Result<ListPartsOutput>> list_parts(Depot&, Call&, ListPartsInput) { co_return ListPartsOutput{}; }

Task<Result<PutGrantsOutput>> put_grants(Depot&, Call&, PutGrantsInput input) { co_return PutGrantsOutput{.grants = input.grants}; }

}  // namespace outcrop::depot
