not-yet = This page is not built yet.
