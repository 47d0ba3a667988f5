sweep_config = dict(method='random', metric=dict(name='val.loss', goal='minimize'),
                    parameters=dict(hidden=dict(values=tuple(2 ** i for i in range(4, 7))), lr=dict(min=0.0, max=1.0)))
