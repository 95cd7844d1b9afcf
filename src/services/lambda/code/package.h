// A deployment package as callers hand it in.
#pragma once
#include <optional>
#include <string>

#include "core/world.h"
#include "gen/records/lambda.h"

namespace outcrop::lambda {

// Where callers say the code is: CreateFunction's Code, and the members of UpdateFunctionCode.
struct PackageSource {
  std::optional<std::string> zip_file, s3_bucket, s3_key, s3_object_version, image_uri, source_kms_key_arn;
};

// Takes the members of the two inputs' that say it.
template <class Source>
PackageSource take_source(Source& source) {
  return {std::move(source.zip_file),          std::move(source.s3_bucket), std::move(source.s3_key),
          std::move(source.s3_object_version), std::move(source.image_uri), std::move(source.source_kms_key_arn)};
}

// Looks through a package and stores it. `may_be_absent`: without one there is a record without a blob. Faults:
// InvalidParameterValueException 400, RequestEntityTooLargeException 413, in AWS's words for what it refuses too.
Task<Result<CodeRecord>> store_package(World& world, PackageSource source, bool may_be_absent);

// After a change that was refused, not one of which nobody knows whether it happened: what store_package() stored for it goes.
Task<void> drop_package(World& world, const CodeRecord& code);

}  // namespace outcrop::lambda
