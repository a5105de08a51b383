from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('shop_catalogue', '0005_faces'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerHandle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.CharField(max_length=40)),
                ('handle', models.CharField(max_length=80)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='shop_catalogue.product')),
            ],
            options={
                'db_table': 'shop_catalogue_former_handle',
                'constraints': [models.UniqueConstraint(fields=('shop', 'handle'), name='shop_catalogue_former_handle_once')],
            },
        ),
        migrations.CreateModel(
            name='FormerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.CharField(max_length=40)),
                ('key', models.SlugField(db_index=False, max_length=40)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='shop_catalogue.category')),
            ],
            options={
                'db_table': 'shop_catalogue_former_key',
                'constraints': [models.UniqueConstraint(fields=('shop', 'key'), name='shop_catalogue_former_key_once')],
            },
        ),
    ]
