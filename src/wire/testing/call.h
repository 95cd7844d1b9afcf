// wire knows nothing of a call but that there is one.
#pragma once

namespace outcrop {

struct Call {
  int calls = 0;
};

}  // namespace outcrop
