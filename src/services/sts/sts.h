// Sts: the AWS Security Token Service. One file beside this is one operation. It keeps nothing: who calls is in the
// call's identity, which src/auth established.
#pragma once

namespace outcrop::sts {

class Sts {};

}  // namespace outcrop::sts
