// ServiceQuotas: AWS Service Quotas over the quotas that the services of this server enforce (core/quota_book.h). One file beside this
// is one operation; what they share is in the folders below: ledger/ what is kept on disk, quota/ how a quota is shown and found.
//
// Under global/service-quotas/, by account and Region, for the whole installation:
//   applied/…/service/quota  AppliedQuota: the value that a quota was raised to, and its tags
//   change/…/id              QuotaChange: the history
#pragma once
#include "core/quota_book.h"
#include "services/service-quotas/ledger/quota_ledger.h"

namespace outcrop::service_quotas {

class ServiceQuotas {
 public:
  // What is passed must outlive it.
  ServiceQuotas(World& world, QuotaBook& book) : book_(book), ledger_(world, book) {}

  const QuotaBook& book() const { return book_; }
  QuotaLedger& ledger() { return ledger_; }

 private:
  const QuotaBook& book_;
  QuotaLedger ledger_;
};

}  // namespace outcrop::service_quotas
