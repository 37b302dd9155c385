def findings(s): return ()
