// Unpacking: a deployment package becomes a folder that its function can read and not change.
#pragma once
#include <string>

#include "base/result.h"
#include "services/lambda/code/zip_archive.h"

namespace outcrop::lambda {

// Makes `directory`, which must not be there, with what the archive holds: files with their modes, without the right to write; links
// last, so that nothing is written through one. Blocks. Faults as inflate_entry(), InvalidParameterValueException 400 for links that lead
// out of the folder, ServiceException 500 where the disk refuses.
Result<void> unpack_archive(const ZipArchive& archive, const std::string& directory);

// Removes a folder with all that is in it, whatever its modes say. What is not there is no fault. Blocks.
Result<void> remove_tree(const std::string& directory);

}  // namespace outcrop::lambda
