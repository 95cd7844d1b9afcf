// The foundation models of one Region, as the catalogue knows them.
#pragma once
#include <set>
#include <string_view>

#include "gen/bedrock/types.h"
#include "inference/catalog.h"

namespace outcrop::bedrock {

// Whether the service still tells of a model: it is neither at the end of its life nor gone from the lists of every Region. One whose
// lifecycle nobody knows is not told of.
bool is_current(const inference::CatalogModel& model);

class RegionModels {
 public:
  // The catalogue must outlive it.
  RegionModels(const inference::Catalog& catalog, std::string_view region);

  // Whether a current model is known to be offered in the Region, by itself or by an inference profile.
  bool offers(const inference::CatalogModel& model) const;
  // Whether a current model is offered by itself.
  bool offers_on_demand(const inference::CatalogModel& model) const;

  FoundationModelSummary describe(const inference::CatalogModel& model) const;

 private:
  std::vector<std::string> inference_types(const inference::CatalogModel& model) const;

  std::string_view region_;
  std::set<std::string_view> models_by_profile_;  // ids of those that a profile routes to from here
};

}  // namespace outcrop::bedrock
