#include "services/apigatewayv2/api/ids.h"

#include <string_view>

namespace outcrop::apigatewayv2 {

std::string new_id(Random& random, size_t length) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id(length, ' ');
  for (char& c : id) c = characters[random.below(characters.size())];
  return id;
}

}  // namespace outcrop::apigatewayv2
