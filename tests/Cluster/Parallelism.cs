// A test has processes of its own, as many as a machine has cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
