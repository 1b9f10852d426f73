"""Documents and pictures that Amity makes and reads: certificates, and QR codes on tickets."""
