not-yet = 此页面尚未完成。
