// Tokens of an identity provider, made once with keys that were thrown away: of repo:octo/app for "other" and "sts.amazonaws.com",
// good from 1799999000 until 1800000600 (epoch seconds), around the time at which test worlds start.
#pragma once
#include <string_view>

namespace outcrop::auth::test {

inline constexpr std::string_view token_issuer = "https://token.example.com/a";
inline constexpr std::string_view issuer_keys =
    R"({"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"rsa","n":"ukkQh94QFGu4TM4ifinbW7sjhGbdgvQIaMmwR2okJ_8e_B7tihxCVaJ)"
    R"(KtlPgJ3nb-pY-JkuyIZQghW4PBQ-ZHe6AnJRzo30VEbiDZuwg4zjB-18jLiE-zdGD1G5k7tnbwtZyVTUkwBhLaIvN9D3mm6qOpl7nzQwVuCAjmwjeTdJisS8)"
    R"(xcfn4L1GToXJoXpbbZCBP-xawvp4AzQ31-DO8D6PwF-t-AO9fTeLs7zCtxSfg2v_CfEnHWTb6O-imiUtKFJepVfjgc2bD8zn0kG5tw4JQ29elnvtME6IWj40)"
    R"(trkEX825j54ZJChtxJ-iSa89DhgX_jwXZbl7LicYQIAtd7w","e":"AQAB"},{"kty":"EC","crv":"P-256","kid":"ec","x":"eiVPtcdlljIsWxS9f)"
    R"(W5VSmHNdR1OzMjvwAstr24FXr0","y":"HCbEfeZeczhQE7jTcXrZqPD_bLh_pM-M84W3Euw1jeg"},{"kty":"oct","k":"AA"}]})";
inline constexpr std::string_view rs256_token =
    R"(eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL3Rva2VuLmV4YW1wbGUuY29tL2EiLCJzdWIiOiJyZXBvOm9)"
    R"(jdG8vYXBwIiwiYXVkIjpbIm90aGVyIiwic3RzLmFtYXpvbmF3cy5jb20iXSwiaWF0IjoxNzk5OTk5MDAwLCJuYmYiOjE3OTk5OTkwMDAsImV4cCI6MTgwMDA)"
    R"(wMDYwMH0.NFFtv1PYjjJHck3yieBaSwuS6IvwT68ftvTqJja_49brv8rn7hUsSkJSYNbo0oyAXke3QPstLZZQmRd8i8Qto4Tyr0ge7jKOafhN1GExxg_DHy1)"
    R"(yJzloWOIqhr5WtQ2XX90wRQJLH_bCbW1QVLSOPrQjVYravNAQmxKWXIy6LWWYeQZOAS-xEejrl2kS8w0cci-PhnXten0oDXEFjCXFhtOR9y8u1_zuPGj7yHD)"
    R"(y-3I-3d0HY2SkMfBTichT5NRAYdylxTQi5Gq9sNG7XFVDHUtCbHKxCcnuL0KIYG8lruQLSHdAsPEwiiTxkYxQU0xq6t5cACL1_kM1ZlmJv0TMgQ)";
inline constexpr std::string_view es256_token =
    R"(eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVjIn0.eyJpc3MiOiJodHRwczovL3Rva2VuLmV4YW1wbGUuY29tL2EiLCJzdWIiOiJyZXBvOm9j)"
    R"(dG8vYXBwIiwiYXVkIjpbIm90aGVyIiwic3RzLmFtYXpvbmF3cy5jb20iXSwiaWF0IjoxNzk5OTk5MDAwLCJuYmYiOjE3OTk5OTkwMDAsImV4cCI6MTgwMDAw)"
    R"(MDYwMH0.qwVVKOeeGtUHlKpI87LdNmHOuDjQGqckyURa9anBKYn6bGwT7WVtFiZatvic-gLl5HUiUanrqHJZh9U40XJpUg)";

}  // namespace outcrop::auth::test
