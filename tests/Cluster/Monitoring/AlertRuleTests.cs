using Tests.Shared;

namespace Cluster.Monitoring;

/// <summary>Alerts and the scrape configuration, checked by promtool.</summary>
public sealed class AlertRuleTests
{
    [MonitoringFact]
    public async Task The_rules_their_tests_and_the_configuration_pass_promtool()
    {
        var folder = Repository.Path("deploy/prometheus");

        await GuardedProcess.RunAsync("/usr/bin/promtool", ["check", "rules", Path.Combine(folder, "alerts.yml")]);
        await GuardedProcess.RunAsync("/usr/bin/promtool", ["check", "config", Path.Combine(folder, "prometheus.yml")]);
        await GuardedProcess.RunAsync("/usr/bin/promtool", ["test", "rules", Path.Combine(folder, "alerts_test.yml")]);
    }
}
